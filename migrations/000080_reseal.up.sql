-- A rotation of keys writes sealed columns anew without changing what they say. The version that ETag and If-Match speak of must not move
-- then, or everybody who has a form open would be refused. Only the owner, who rotates, is believed: the application's role cannot
-- switch its own versions off.
CREATE OR REPLACE FUNCTION touch_row() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF current_setting('app.resealing', true) = 'on' AND current_user <> 'restartix_app' THEN
        RETURN NEW;
    END IF;
    NEW.updated_at := now();
    NEW.row_version := OLD.row_version + 1;
    RETURN NEW;
END $$;
