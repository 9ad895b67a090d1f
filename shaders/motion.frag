#version 330 core
// Draws the opaque triangles of a layer that hold something moving.
//
// In:     v_uv from layer.vert; if MOVES_SMOOTH, v_uv and v_told from motion.vert
// Reads:  u_photo, encoded sRGB, its alpha 1 less what share of it sparkles; what
//         common/motion.glsl reads
// Out:    encoded sRGB, alpha 1, no blending, as layer.frag, and the same bytes where nothing moves

#include "common/motion.glsl"

in vec2 v_uv;
#if MOVES_SMOOTH
in vec2 v_told;
#endif

uniform sampler2D u_photo;
uniform vec4 u_photo_from_texture; // scale and shift from the texture's uv to the photo's
#if MOVES_SWAY && MOVES_FIELD
uniform vec2 u_texture_from_shift; // the texture's uv of 1 in the photo's
#endif
#if MOVES_VEIL && !MOVES_SMOOTH
uniform sampler2D u_veil; // change of brightness, density
#endif

out vec4 out_srgb;

void main() {
    vec2 at = v_uv;
    vec2 uv = at * u_photo_from_texture.xy + u_photo_from_texture.zw;
    vec2 told = vec2(0.0); // change of brightness, density of the veil
#if MOVES_SMOOTH
    told = v_told;
#else
#if MOVES_VEIL
    told = texture(u_veil, uv).rg;
#endif
#if MOVES_FIELD
    vec4 field = texture(u_field, uv);
    told.x += field.z;
#endif
#if MOVES_SWAY
    at += field.xy * u_texture_from_shift;
    uv += field.xy;
#endif
#endif
    vec4 srgb = texture(u_photo, at);
#if MOVES_GLINT
    told.x += (1.0 - srgb.a) * field.w;
#endif
    out_srgb = vec4(moved(srgb.rgb, uv, told.x, told.y), 1.0);
}
