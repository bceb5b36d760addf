package file

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	imagejpeg "image/jpeg"
	imagepng "image/png"

	imagewebp "golang.org/x/image/webp"
)

const (
	// maxDecoded is how many bytes of memory a decoded picture may take; it is computed before anything is decoded.
	maxDecoded = 100 * megabyte
	quality    = 90
)

type decoder struct {
	config func(content []byte) (image.Config, error)
	decode func(content []byte) (image.Image, error)
}

func decoderOf(contentType string) decoder {
	switch contentType {
	case png:
		return decoder{
			func(c []byte) (image.Config, error) { return imagepng.DecodeConfig(bytes.NewReader(c)) },
			func(c []byte) (image.Image, error) { return imagepng.Decode(bytes.NewReader(c)) },
		}
	case jpeg:
		return decoder{
			func(c []byte) (image.Config, error) { return imagejpeg.DecodeConfig(bytes.NewReader(c)) },
			func(c []byte) (image.Image, error) { return imagejpeg.Decode(bytes.NewReader(c)) },
		}
	}
	return decoder{
		func(c []byte) (image.Config, error) { return imagewebp.DecodeConfig(bytes.NewReader(c)) },
		func(c []byte) (image.Image, error) { return imagewebp.Decode(bytes.NewReader(c)) },
	}
}

// redraw writes a picture anew: only pixels survive. What a camera adds (place, time, device, a small copy of the picture) and what hides
// behind the end of a picture is gone. A JPEG is turned the way its camera said, because nothing will say so any more. A picture with
// transparency becomes PNG, one that came as PNG stays PNG, everything else JPEG.
func redraw(content []byte, contentType string, maxSide int) (sniffed, error) {
	d := decoderOf(contentType)
	config, err := d.config(content)
	if err != nil || config.Width < 1 || config.Height < 1 {
		return sniffed{}, ErrTypeMismatch
	}
	if maxSide > 0 && (config.Width > maxSide || config.Height > maxSide) {
		return sniffed{}, ErrDimensions.With("max_side", maxSide)
	}
	if int64(config.Width)*int64(config.Height)*bytesPerPixel(config.ColorModel) > maxDecoded {
		return sniffed{}, ErrDimensions
	}
	picture, err := d.decode(content)
	if err != nil {
		return sniffed{}, ErrTypeMismatch
	}
	if contentType == jpeg {
		picture = turned(picture, orientation(content))
	}
	var out bytes.Buffer
	out.Grow(len(content))
	kind := jpeg
	if contentType == png || !isOpaque(picture) {
		kind, err = png, imagepng.Encode(&out, picture)
	} else {
		err = imagejpeg.Encode(&out, picture, &imagejpeg.Options{Quality: quality})
	}
	if err != nil {
		return sniffed{}, ErrTypeMismatch
	}
	b := picture.Bounds()
	return sniffed{contentType: kind, content: out.Bytes(), width: b.Dx(), height: b.Dy()}, nil
}

func bytesPerPixel(m color.Model) int64 {
	switch m {
	case color.GrayModel:
		return 1
	case color.Gray16Model:
		return 2
	case color.YCbCrModel:
		return 3
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	}
	if _, paletted := m.(color.Palette); paletted {
		return 1
	}
	return 4
}

func isOpaque(i image.Image) bool {
	o, ok := i.(interface{ Opaque() bool })
	return ok && o.Opaque()
}

// orientation reads the one value of a JPEG's EXIF block that changes what people see; 1 is upright, and so is everything unreadable.
func orientation(content []byte) int {
	for rest := content[2:]; len(rest) >= 4 && rest[0] == 0xff; {
		marker, size := rest[1], int(binary.BigEndian.Uint16(rest[2:4]))
		if marker == 0xda || size < 2 || len(rest) < 2+size {
			return 1
		}
		if segment := rest[4 : 2+size]; marker == 0xe1 && bytes.HasPrefix(segment, []byte("Exif\x00\x00")) {
			return orientationOf(segment[6:])
		}
		rest = rest[2+size:]
	}
	return 1
}

func orientationOf(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:8]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at : at+2]) {
		if len(entries) < 12 {
			return 1
		}
		if order.Uint16(entries[:2]) == 0x0112 {
			if v := int(order.Uint16(entries[8:10])); v >= 1 && v <= 8 {
				return v
			}
			return 1
		}
		entries = entries[12:]
	}
	return 1
}

// turned shows a picture the way its orientation (2 to 8 of EXIF) asks for.
func turned(picture image.Image, orientation int) image.Image {
	if orientation == 1 {
		return picture
	}
	b := picture.Bounds()
	w, h := b.Dx(), b.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := target(orientation, x, y, w, h)
			out.Set(tx, ty, picture.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return out
}

// target is where the stored pixel at x, y is seen.
func target(orientation, x, y, w, h int) (tx, ty int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	}
	return y, w - 1 - x // 8
}
