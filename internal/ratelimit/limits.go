package ratelimit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Names of the limits. A route or use case names the ones that count it.
const (
	User                  = "user"
	IP                    = "ip"
	LoginAccount          = "login.account"
	LoginIP               = "login.ip"
	AuthLogin             = "auth.login"
	AuthCode              = "auth.code"
	AuthMail              = "auth.mail"
	AuthRefresh           = "auth.refresh"
	AuthAccount           = "auth.account"
	Impersonation         = "impersonation"
	Export                = "export"
	GDPR                  = "gdpr"
	PublicAvailability    = "public.availability"
	PublicHold            = "public.hold"
	PublicHoldHeartbeat   = "public.hold_heartbeat"
	PublicHoldList        = "public.hold_list"
	PublicHoldReleaseAll  = "public.hold_release_all"
	PublicStream          = "public.stream"
	PublicBooking         = "public.booking"
	PublicBookingRead     = "public.booking_read"
	PublicCallbackRequest = "public.callback_request"
)

// Limit is a bucket of Requests tokens that fills evenly in the time Per. All of them may be spent at once; afterwards
// one token returns every Per/Requests.
type Limit struct {
	Requests int
	Per      time.Duration
}

// Limits maps names to limits.
type Limits map[string]Limit

// Defaults are the limits of the product. No installation runs without them; it can only change the numbers.
func Defaults() Limits {
	return Limits{
		User:                  {100, time.Minute},
		IP:                    {300, time.Minute},
		LoginAccount:          {5, 15 * time.Minute},
		LoginIP:               {20, 15 * time.Minute},
		AuthLogin:             {60, time.Minute},
		AuthCode:              {20, 15 * time.Minute},
		AuthMail:              {5, 15 * time.Minute},
		AuthRefresh:           {240, time.Minute},
		AuthAccount:           {60, time.Minute},
		Impersonation:         {3, 5 * time.Minute},
		Export:                {5, time.Hour},
		GDPR:                  {3, 24 * time.Hour},
		PublicAvailability:    {30, time.Minute},
		PublicHold:            {20, time.Minute},
		PublicHoldHeartbeat:   {60, time.Minute},
		PublicHoldList:        {30, time.Minute},
		PublicHoldReleaseAll:  {10, time.Minute},
		PublicStream:          {10, time.Minute},
		PublicBooking:         {10, time.Hour},
		PublicBookingRead:     {30, time.Minute},
		PublicCallbackRequest: {5, time.Hour},
	}
}

// ParseLimits reads the content of LIMITS_FILE, {"user": {"requests": 100, "per": "1m"}}, over the defaults. It refuses
// unknown names and members and any value that would switch a limit off, and reports everything that is wrong at once.
func ParseLimits(doc []byte) (Limits, error) {
	type entry struct {
		Requests int    `json:"requests"`
		Per      string `json:"per"`
	}
	var entries map[string]entry
	dec := json.NewDecoder(bytes.NewReader(doc))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&entries); err != nil {
		return nil, fmt.Errorf("reading limits: %w", err)
	}
	if dec.More() {
		return nil, errors.New("reading limits: more than one JSON value")
	}
	limits := Defaults()
	var problems []string
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		e := entries[name]
		per, err := time.ParseDuration(e.Per)
		limit := Limit{e.Requests, per}
		switch {
		case limits[name] == Limit{}:
			problems = append(problems, name+" is not a limit")
		case err != nil:
			problems = append(problems, name+": per is not a duration like 1m")
		case !limit.usable():
			problems = append(problems, name+": needs 1 to 1000000 requests per 1s to 168h")
		default:
			limits[name] = limit
		}
	}
	if len(problems) > 0 {
		return nil, errors.New("reading limits: " + strings.Join(problems, "; "))
	}
	return limits, nil
}

// usable also keeps every number of the decision below 2^53, where the script's arithmetic is exact.
func (l Limit) usable() bool {
	return l.Requests >= 1 && l.Requests <= 1_000_000 && l.Per >= time.Second && l.Per <= 168*time.Hour
}

// interval is the time in microseconds that one token takes to return. It is rounded up, so that rounding never adds to
// the limit.
func (l Limit) interval() int64 {
	return (l.Per.Microseconds() + int64(l.Requests) - 1) / int64(l.Requests)
}

// capacity is the time that a full bucket takes to return.
func (l Limit) capacity() int64 { return l.interval() * int64(l.Requests) }

// halved is the share of one process while Redis is away.
func (l Limit) halved() Limit { return Limit{max(1, l.Requests/2), l.Per} }
