// Package credit is what patients bought and what is left of it: plans that were sold, the ledger of their sessions and money, the
// access that they open, and orders of products.
//
// It owns patient_service_plans, entitlement_ledger and patient_product_orders. A ledger row is written once and never changed; what is
// left is the sum of the rows, and the sum is never below nothing: whoever writes holds the row of the plan, and the database counts once
// more. Visits do not live here: appointment calls ReserveTx, ConsumeTx and ReleaseTx in its own transaction and names the visit by id.
//
// Money is recognised when it is earned: a session when it is used or lost, time day by day, a product when it is handed over.
package credit
