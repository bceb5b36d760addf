DROP TABLE hold_events;
