package credit_test

import (
	"os"
	"testing"

	"github.com/restartix/platform/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }
