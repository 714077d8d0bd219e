package picture

import (
	"image"
	"image/draw"

	scaling "golang.org/x/image/draw"
)

// reduce scales a stored picture down to a size given upright, without turning it. A large
// one is first averaged in whole blocks, strip by strip, so that memory is that of the
// decoder and not a multiple of it.
func reduce(src image.Image, orientation, width, height int) *image.RGBA {
	if orientation >= 5 {
		width, height = height, width
	}
	size := src.Bounds().Size()
	if k := min(size.X/width, size.Y/height); k >= 2 {
		return resize(average(src, k), width, height)
	}
	whole := image.NewRGBA(image.Rect(0, 0, size.X, size.Y))
	draw.Draw(whole, whole.Bounds(), src, src.Bounds().Min, draw.Src)
	return resize(whole, width, height)
}

// average makes one pixel of each block of k by k; at the right and lower edge, of what is
// left of one.
func average(src image.Image, k int) *image.RGBA {
	b := src.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, (b.Dx()+k-1)/k, (b.Dy()+k-1)/k))
	strip := image.NewRGBA(image.Rect(0, 0, b.Dx(), k))
	sums := make([]int, 4*out.Rect.Dx())
	for row := range out.Rect.Dy() {
		rows := min(k, b.Dy()-row*k)
		draw.Draw(strip, image.Rect(0, 0, b.Dx(), rows), src, image.Pt(b.Min.X, b.Min.Y+row*k), draw.Src)
		clear(sums)
		for y := range rows {
			line := strip.Pix[y*strip.Stride:]
			for x := range b.Dx() {
				s, p := sums[4*(x/k):], line[4*x:]
				s[0] += int(p[0])
				s[1] += int(p[1])
				s[2] += int(p[2])
				s[3] += int(p[3])
			}
		}
		for x := range out.Rect.Dx() {
			n := rows * min(k, b.Dx()-x*k)
			for c := range 4 {
				out.Pix[row*out.Stride+4*x+c] = byte((sums[4*x+c] + n/2) / n)
			}
		}
	}
	return out
}

// resize scales to a size, by Catmull-Rom.
func resize(src *image.RGBA, width, height int) *image.RGBA {
	if src.Rect.Dx() == width && src.Rect.Dy() == height {
		return src
	}
	dst := image.NewRGBA(image.Rect(0, 0, width, height))
	scaling.CatmullRom.Scale(dst, dst.Bounds(), src, src.Bounds(), draw.Src, nil)
	return dst
}

// flatten puts transparency on white.
func flatten(img *image.RGBA) *image.RGBA {
	if img.Opaque() {
		return img
	}
	flat := image.NewRGBA(img.Bounds())
	draw.Draw(flat, flat.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(flat, flat.Bounds(), img, img.Bounds().Min, draw.Over)
	return flat
}

// upright is the size of a stored picture once it is turned.
func upright(size image.Point, orientation int) (width, height int) {
	if orientation >= 5 {
		return size.Y, size.X
	}
	return size.X, size.Y
}

// turn applies an EXIF orientation.
func turn(src *image.RGBA, orientation int) *image.RGBA {
	if orientation < 2 || orientation > 8 {
		return src
	}
	w, h := upright(src.Bounds().Size(), orientation)
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			sx, sy := stored(orientation, x, y, w, h)
			copy(out.Pix[out.PixOffset(x, y):][:4], src.Pix[src.PixOffset(sx, sy):][:4])
		}
	}
	return out
}

// stored is the pixel of the stored picture that stands at (x, y) of the upright one, of
// w by h (EXIF 2.3, tag 274).
func stored(orientation, x, y, w, h int) (int, int) {
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
		return y, w - 1 - x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return h - 1 - y, x
	}
	return x, y
}
