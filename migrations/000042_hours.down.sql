DROP TABLE specialist_date_overrides;
DROP TABLE specialist_hours;
