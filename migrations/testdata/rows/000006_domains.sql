INSERT INTO organization_domains (id, organization_id, domain, app, verification_token, status, verified_at, claim_expires_at) VALUES
    ('{id 1}', '{org}', 'cnry-{x}-organization_domains-domain.test', 'portal', md5('CNRY-{X}-1'), 'verified', now(), now() + interval '7 days'),
    ('{id 2}', '{org}', 'cnry-{x}-organization_domains-pending.test', 'portal', md5('CNRY-{X}-2'), 'pending', NULL, now() + interval '7 days');
