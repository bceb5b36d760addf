DROP FUNCTION signin_sweep(timestamptz);
