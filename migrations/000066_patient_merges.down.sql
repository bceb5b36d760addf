DROP FUNCTION patient_unmerge(uuid, timestamptz);
DROP FUNCTION patient_merge(uuid, uuid, uuid, timestamptz);
DROP FUNCTION patient_merge_preview(uuid, uuid);
DROP FUNCTION patient_merge_check(uuid, uuid);
DROP FUNCTION patient_merge_move(uuid, uuid, uuid);
DROP FUNCTION patient_references();
DROP TABLE patient_merges;
