#version 330 core
// Draws the opaque triangles of a layer that hold something moving.
//
// In:     v_uv from layer.vert; if MOVES_SMOOTH, v_uv and v_veil from motion.vert
// Reads:  u_photo, encoded sRGB, alpha not used; what common/motion.glsl reads
// Out:    encoded sRGB, alpha 1, no blending, as layer.frag, and the same bytes where nothing moves

#include "common/motion.glsl"

in vec2 v_uv;
#if MOVES_SMOOTH
in vec2 v_veil;
#endif

uniform sampler2D u_photo;
uniform vec4 u_photo_from_texture; // scale and shift from the texture's uv to the photo's
#if MOVES_SWAY
uniform vec2 u_texture_from_shift; // the texture's uv of 1 in the photo's
#endif

out vec4 out_srgb;

void main() {
    vec2 at = v_uv;
    vec2 uv = at * u_photo_from_texture.xy + u_photo_from_texture.zw;
    vec4 field = vec4(0.0);
#if MOVES_SMOOTH
    field.zw = v_veil;
#elif MOVES_FIELD
    field = texture(u_field, uv);
#endif
#if MOVES_SWAY
    at += field.xy * u_texture_from_shift;
    uv += field.xy;
#endif
    vec3 srgb = texture(u_photo, at).rgb;
    out_srgb = vec4(moved(srgb, uv, field), 1.0);
}
