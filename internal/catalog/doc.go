// Package catalog says what the clinic offers: services, and who offers each at which price and length.
//
// It owns services and service_specialists. It knows nothing about times: the same service may be offered under many rules. A
// service without length, price or specialists is legal; it is reached by call-back only. Prices are whole minor units beside their
// currency; an absent price is a price on request and 0 is free.
package catalog
