DROP INDEX audit_by_event;
DROP INDEX api_keys_by_end;
DROP INDEX clients_by_name;
DROP TABLE traffic_by_day;
