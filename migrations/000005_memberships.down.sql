DROP TABLE staff_invitations;
DROP POLICY users_of_clinic ON users;
DROP POLICY organizations_mine ON organizations;
DROP TABLE user_organizations;
DROP FUNCTION keep_last_admin();
