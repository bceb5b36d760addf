package auth

import "maps"

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
	TaskAssign          Permission = "task.assign"
	PatientRead         Permission = "patient.read"
	PatientManage       Permission = "patient.manage"
	PatientReveal       Permission = "patient.reveal"
	PatientLookup       Permission = "patient.lookup"
	ProfileRead         Permission = "profile.read"
	ProfileUpdate       Permission = "profile.update"
	ConsentRead         Permission = "consent.read"
	ConsentGive         Permission = "consent.give"
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
	PlanSell            Permission = "service_plan.sell"
	EntitlementRead     Permission = "entitlement.read"
	EntitlementManage   Permission = "entitlement.manage"
	OrderRead           Permission = "product_order.read"
	OrderManage         Permission = "product_order.manage"
	HoursRead           Permission = "hours.read"
	HoursManage         Permission = "hours.manage"
	AvailabilityRead    Permission = "availability.read"
	SpecialistPicture   Permission = "specialist.picture"
	FileRead            Permission = "file.read"
	FileUpload          Permission = "file.upload"
	LicenceRead         Permission = "licence.read"
	LicenceManage       Permission = "licence.manage"
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
	table := platformTable()
	maps.Copy(table, clinicTable())
	return table
}

// platformTable is who people are, how they sign in, and what runs the clinics.
func platformTable() map[Permission]map[Role]Access {
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
	}
}

// clinicTable is the work inside one clinic.
func clinicTable() map[Permission]map[Role]Access {
	return map[Permission]map[Role]Access{
		PatientRead:        cells(Deny, Own, Linked, Own, Own, Granted),
		PatientManage:      cells(Deny, Deny, Deny, Own, Own, Deny),
		PatientReveal:      cells(Deny, Deny, Deny, Own, Own, Deny),
		PatientLookup:      cells(Deny, Deny, Own, Deny, Deny, Deny),
		ProfileRead:        cells(Deny, Own, Deny, Deny, Deny, Deny),
		ProfileUpdate:      cells(Deny, Own, Deny, Deny, Deny, Deny),
		ConsentRead:        cells(Deny, Deny, Deny, Own, Own, Granted),
		ConsentGive:        cells(Deny, Own, Deny, Deny, Deny, Deny),
		AppointmentRead:    cells(Deny, Own, Own, Own, Own, Granted),
		AppointmentCreate:  cells(Deny, Deny, Deny, Own, Own, Deny),
		AppointmentOnboard: cells(Deny, Deny, Deny, Own, Own, Deny),
		AppointmentConfirm: cells(Deny, Own, Deny, Own, Own, Deny),
		AppointmentCancel:  cells(Deny, Own, Deny, Own, Own, Deny),
		BookingPlace:       cells(Allow, Allow, Allow, Allow, Allow, Allow),
		BookingRead:        cells(Allow, Allow, Allow, Allow, Allow, Allow),
		TaskRead:           cells(Deny, Deny, Own, Own, Own, Granted),
		TaskClose:          cells(Deny, Deny, Own, Own, Own, Deny),
		TaskAssign:         cells(Deny, Deny, Deny, Own, Own, Deny),
		CatalogRead:        cells(Deny, Own, Own, Own, Own, Granted),
		CatalogManage:      cells(Deny, Deny, Deny, Deny, Own, Deny),
		PlanSell:           cells(Deny, Deny, Deny, Own, Own, Deny),
		EntitlementRead:    cells(Deny, Own, Linked, Own, Own, Granted),
		EntitlementManage:  cells(Deny, Deny, Deny, Deny, Own, Deny),
		OrderRead:          cells(Deny, Deny, Deny, Own, Own, Granted),
		OrderManage:        cells(Deny, Deny, Deny, Own, Own, Deny),
		HoursRead:          cells(Deny, Deny, Own, Own, Own, Granted),
		HoursManage:        cells(Deny, Deny, Linked, Deny, Own, Deny),
		AvailabilityRead:   cells(Deny, Own, Own, Own, Own, Granted),
		SpecialistPicture:  cells(Deny, Deny, Linked, Deny, Own, Deny),
		FileRead:           cells(Deny, Own, Own, Own, Own, Granted),
		FileUpload:         cells(Deny, Own, Own, Own, Own, Deny),
		LicenceRead:        cells(Deny, Deny, Deny, Deny, Own, Granted),
		LicenceManage:      cells(Deny, Deny, Deny, Deny, Own, Deny),
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
