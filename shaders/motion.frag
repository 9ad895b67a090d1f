#version 330 core
// Draws the opaque triangles of a layer that hold something moving.
//
// In:     v_uvz from layer.vert
// Reads:  u_photo, encoded sRGB, alpha not used; what common/motion.glsl reads
// Out:    encoded sRGB, alpha 1, no blending, as layer.frag, and the same bytes where nothing moves

#include "common/motion.glsl"

in vec3 v_uvz;

uniform sampler2D u_photo;
uniform vec4 u_photo_from_texture; // scale and shift from the texture's uv to the photo's

out vec4 out_srgb;

void main() {
    vec2 uv = v_uvz.xy / v_uvz.z * u_photo_from_texture.xy + u_photo_from_texture.zw;
    vec4 field = vec4(0.0);
#if MOVES_FIELD
    field = texture(u_field, uv);
#endif
    vec3 moved_uvz = v_uvz + vec3(field.xy / u_photo_from_texture.xy * v_uvz.z, 0.0);
    vec3 srgb = textureProj(u_photo, moved_uvz).rgb;
    out_srgb = vec4(moved(srgb, uv + field.xy, field), 1.0);
}
