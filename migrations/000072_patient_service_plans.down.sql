DROP TABLE patient_service_plans;
