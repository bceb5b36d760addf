DROP TABLE service_plan_products;
DROP TABLE service_plan_services;
DROP TABLE service_plans;
