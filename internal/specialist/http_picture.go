package specialist

import (
	"context"
	"net/http"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/ident"
)

func (s *Service) pictureRoutes(api *httpapi.Server) {
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPut, Path: "/v1/specialists/{id}/picture", ID: "set-specialist-picture", Tag: tag,
		Summary:  "Choose the picture or the signature image of a specialist; the signature is only the specialist's own",
		Audience: httpapi.Member, Permission: auth.SpecialistPicture,
		Errors: []*apperror.Error{
			ErrNotFound, apperror.ErrInvalid, apperror.ErrForbidden, apperror.ErrPreconditionFailed, apperror.ErrPreconditionRequired,
		},
	}, s.putPicture)
}

type putPictureInput struct {
	Path
	httpapi.IfMatch
	Body struct {
		Kind   PictureKind   `json:"kind" enum:"avatar,signature_image"`
		FileID *ident.FileID `json:"file_id" nullable:"true" format:"uuid" doc:"An own upload that is ready; null takes the picture away."`
	}
}

func (s *Service) putPicture(ctx context.Context, in *putPictureInput) (specialistOutput, error) {
	expected, err := in.Expected()
	if err != nil {
		return specialistOutput{}, err
	}
	var file ident.FileID
	if in.Body.FileID != nil {
		file = *in.Body.FileID
	}
	p, err := s.SetPicture(ctx, in.ID, expected, in.Body.Kind, file)
	if err != nil {
		return specialistOutput{}, err
	}
	return outputOf(p), nil
}

// idText is null for no file.
func idText(id ident.FileID) *string {
	if id.IsZero() {
		return nil
	}
	text := id.String()
	return &text
}
