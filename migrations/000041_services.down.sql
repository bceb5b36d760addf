DROP TABLE service_specialists;
DROP TABLE services;
