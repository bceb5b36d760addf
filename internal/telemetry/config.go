package telemetry

import (
	"fmt"

	"github.com/caarlos0/env/v11"
)

// Config is everything that the Telemetry API reads from the environment.
type Config struct {
	Addr    string `env:"TELEMETRY_ADDR" envDefault:"127.0.0.1:4000"`
	Version string `env:"APP_VERSION" envDefault:"dev"`
}

// ReadConfig takes the configuration from an environment given as name and value; absent names have their defaults.
func ReadConfig(environ map[string]string) (Config, error) {
	config, err := env.ParseAsWithOptions[Config](env.Options{Environment: environ})
	if err != nil {
		return Config{}, fmt.Errorf("reading the environment: %w", err)
	}
	return config, nil
}
