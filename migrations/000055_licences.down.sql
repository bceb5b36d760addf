DROP TABLE specialist_licence_alerts;
DROP TABLE specialist_licences;
