DROP TABLE entitlement_ledger;
DROP FUNCTION entitlement_ledger_fold();
