-- Runs once, when the cluster is made: the Temporal server gets a role and two databases of its own and sees no other.
-- The databases, roles and schemas of the nodes are made by the `setup` job.
\getenv password TEMPORAL_DB_PASSWORD
create role temporal login nosuperuser nocreatedb nocreaterole password :'password';
create database temporal owner temporal;
create database temporal_visibility owner temporal;
revoke connect, temporary on database temporal, temporal_visibility from public;
