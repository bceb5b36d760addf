DROP TABLE patient_product_orders;
DROP FUNCTION patient_product_orders_way();
