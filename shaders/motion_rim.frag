#version 330 core
// Draws the soft triangles of a layer that holds something moving.
//
// In:     v_uv from layer.vert; if MOVES_SMOOTH, v_uv and v_told from motion.vert
// Reads:  u_photo, encoded sRGB with straight alpha; what common/motion.glsl reads
// Out:    LINEAR light, premultiplied, as rim.frag, and the same bytes where nothing moves

#include "common/color.glsl"
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

out vec4 out_linear_pre;

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
    if (srgb.a == 0.0) {
        discard; // as rim.frag
    }
    vec3 changed = clamp(moved(srgb.rgb, uv, told.x, told.y), 0.0, 1.0);
    out_linear_pre = vec4(linear_from_srgb(changed) * srgb.a, srgb.a);
}
