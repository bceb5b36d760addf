package auth

// Permission names one act of the product. An endpoint declares exactly one.
type Permission string

// Access is one cell of the permission table.
type Access string

// The values of a cell. Own and Linked allow the call; row-level security then narrows the rows.
const (
	Deny   Access = "deny"
	Allow  Access = "allow"
	Own    Access = "own"
	Linked Access = "linked"
	// Granted is Allow for a superadmin with an open break-glass grant for the clinic.
	Granted Access = "break_glass"
)

// The permissions that exist so far.
const (
	PublicRead          Permission = "public.read"
	AuthUse             Permission = "auth.use"
	MeRead              Permission = "me.read"
	MeUpdate            Permission = "me.update"
	MeSessions          Permission = "me.sessions"
	MeCredentials       Permission = "me.credentials"
	OrganizationList    Permission = "organization.list"
	OrganizationRead    Permission = "organization.read"
	OrganizationCreate  Permission = "organization.create"
	OrganizationUpdate  Permission = "organization.update"
	OrganizationArchive Permission = "organization.archive"
	DomainManage        Permission = "domain.manage"
	IntegrationManage   Permission = "integration.manage"
	AccessKeyManage     Permission = "access_key.manage"
	MemberRead          Permission = "member.read"
	MemberManage        Permission = "member.manage"
	ImpersonationStart  Permission = "impersonation.start"
	ImpersonationEnd    Permission = "impersonation.end"
	BreakGlassOpen      Permission = "break_glass.open"
	BreakGlassRead      Permission = "break_glass.read"
	BreakGlassEnd       Permission = "break_glass.end"
	UserAdminister      Permission = "user.administer"
	PlatformRead        Permission = "platform.read"
	AuditRead           Permission = "audit.read"
	TaskRead            Permission = "task.read"
	TaskClose           Permission = "task.close"
	PatientRead         Permission = "patient.read"
	PatientManage       Permission = "patient.manage"
	AppointmentRead     Permission = "appointment.read"
	AppointmentCreate   Permission = "appointment.create"
	AppointmentOnboard  Permission = "appointment.onboard"
	AppointmentConfirm  Permission = "appointment.confirm"
	AppointmentCancel   Permission = "appointment.cancel"
	BookingPlace        Permission = "booking.place"
	BookingRead         Permission = "booking.read"
	SecurityEventRead   Permission = "security_event.read"
	SecurityEventAck    Permission = "security_event.ack"
	AuditVerify         Permission = "audit.verify"
	CatalogRead         Permission = "catalog.read"
	CatalogManage       Permission = "catalog.manage"
	HoursRead           Permission = "hours.read"
	HoursManage         Permission = "hours.manage"
	AvailabilityRead    Permission = "availability.read"
)

func cells(anonymous, patient, specialist, support, admin, superadmin Access) map[Role]Access {
	return map[Role]Access{
		Anonymous: anonymous, Patient: patient, Specialist: specialist,
		CustomerSupport: support, Admin: admin, Superadmin: superadmin,
	}
}

// Table is the one table of product/01 §6: permission by role. Handlers never compare roles; a cell that is missing denies.
// It returns a fresh copy, so nobody can change what the process enforces.
func Table() map[Permission]map[Role]Access {
	return map[Permission]map[Role]Access{
		PublicRead:          cells(Allow, Allow, Allow, Allow, Allow, Allow),
		AuthUse:             cells(Allow, Allow, Allow, Allow, Allow, Allow),
		MeRead:              cells(Deny, Own, Own, Own, Own, Own),
		MeUpdate:            cells(Deny, Own, Own, Own, Own, Own),
		MeSessions:          cells(Deny, Own, Own, Own, Own, Own),
		MeCredentials:       cells(Deny, Own, Own, Own, Own, Own),
		OrganizationList:    cells(Deny, Own, Own, Own, Own, Allow),
		OrganizationRead:    cells(Deny, Own, Own, Own, Own, Allow),
		OrganizationCreate:  cells(Deny, Deny, Deny, Deny, Deny, Allow),
		OrganizationUpdate:  cells(Deny, Deny, Deny, Deny, Own, Allow),
		OrganizationArchive: cells(Deny, Deny, Deny, Deny, Deny, Allow),
		DomainManage:        cells(Deny, Deny, Deny, Deny, Own, Allow),
		IntegrationManage:   cells(Deny, Deny, Deny, Deny, Own, Deny),
		AccessKeyManage:     cells(Deny, Deny, Deny, Deny, Own, Deny),
		MemberRead:          cells(Deny, Deny, Deny, Deny, Own, Granted),
		MemberManage:        cells(Deny, Deny, Deny, Deny, Own, Deny),
		ImpersonationStart:  cells(Deny, Deny, Deny, Deny, Own, Deny),
		ImpersonationEnd:    cells(Deny, Own, Deny, Deny, Own, Deny),
		BreakGlassOpen:      cells(Deny, Deny, Deny, Deny, Deny, Allow),
		BreakGlassRead:      cells(Deny, Deny, Deny, Deny, Own, Allow),
		BreakGlassEnd:       cells(Deny, Deny, Deny, Deny, Own, Allow),
		UserAdminister:      cells(Deny, Deny, Deny, Deny, Deny, Allow),
		PlatformRead:        cells(Deny, Deny, Deny, Deny, Deny, Allow),
		AuditRead:           cells(Deny, Deny, Deny, Deny, Own, Allow),
		AuditVerify:         cells(Deny, Deny, Deny, Deny, Own, Allow),
		SecurityEventRead:   cells(Deny, Deny, Deny, Deny, Own, Allow),
		SecurityEventAck:    cells(Deny, Deny, Deny, Deny, Own, Allow),
		PatientRead:         cells(Deny, Own, Linked, Own, Own, Granted),
		PatientManage:       cells(Deny, Deny, Deny, Own, Own, Deny),
		AppointmentRead:     cells(Deny, Own, Own, Own, Own, Granted),
		AppointmentCreate:   cells(Deny, Deny, Deny, Own, Own, Deny),
		AppointmentOnboard:  cells(Deny, Deny, Deny, Own, Own, Deny),
		AppointmentConfirm:  cells(Deny, Own, Deny, Own, Own, Deny),
		AppointmentCancel:   cells(Deny, Own, Deny, Own, Own, Deny),
		BookingPlace:        cells(Allow, Allow, Allow, Allow, Allow, Allow),
		BookingRead:         cells(Allow, Allow, Allow, Allow, Allow, Allow),
		TaskRead:            cells(Deny, Deny, Own, Own, Own, Granted),
		TaskClose:           cells(Deny, Deny, Own, Own, Own, Deny),
		CatalogRead:         cells(Deny, Own, Own, Own, Own, Granted),
		CatalogManage:       cells(Deny, Deny, Deny, Deny, Own, Deny),
		HoursRead:           cells(Deny, Deny, Own, Own, Own, Granted),
		HoursManage:         cells(Deny, Deny, Linked, Deny, Own, Deny),
		AvailabilityRead:    cells(Deny, Own, Own, Own, Own, Granted),
	}
}

// enforced is the copy that the process goes by: every request looks at it, nobody else can reach it.
var enforced = Table() //nolint:gochecknoglobals // a constant that the language cannot spell; never written

// Grants reports what the role may do with the permission.
func Grants(p Permission, r Role) Access {
	if a, ok := enforced[p][r]; ok {
		return a
	}
	return Deny
}
