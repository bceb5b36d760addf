package apperror

// The errors that any part of the product may answer with. Errors of one domain are declared in its own package.
var (
	ErrBadRequest           = New(BadRequest, "bad_request", "The request could not be understood.")
	ErrMalformedJSON        = New(BadRequest, "malformed_json", "The body is not valid JSON.")
	ErrUnauthorized         = New(Unauthorized, "unauthorized", "Sign in to continue.")
	ErrForbidden            = New(Forbidden, "forbidden", "You do not have access to this.")
	ErrNotFound             = New(NotFound, "not_found", "There is nothing at this address.")
	ErrMethodNotAllowed     = New(MethodNotAllowed, "method_not_allowed", "This address does not accept that method.")
	ErrPreconditionFailed   = New(PreconditionFailed, "precondition_failed", "Somebody changed this in the meantime. Load it again.")
	ErrPreconditionRequired = New(PreconditionRequired, "precondition_required", "Send If-Match with the version that you saw.")
	ErrBodyTooLarge         = New(TooLarge, "body_too_large", "The request is too large.")
	ErrMediaType            = New(MediaType, "media_type_unsupported", "Send the body as application/json.")
	ErrInvalid              = New(Invalid, "validation_error", "Some of what was sent is not valid.")
	ErrRateLimited          = New(RateLimited, "rate_limited", "Too many requests. Wait a moment and try again.")
	ErrInternal             = New(Internal, "internal_error", "Something went wrong on our side. Try again.")
	ErrUnavailable          = New(Unavailable, "dependency_unavailable", "A service that we need is not answering. Try again shortly.")
)
