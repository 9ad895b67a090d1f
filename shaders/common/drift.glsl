// A sky that moves on as one piece, slower towards the horizon.
//
// In:     x in the photo's uv
// Reads:  u_sky_plate, the sky continued behind what stands before it and past the photo
// Out:    the change of encoded sRGB against the sky at rest

uniform sampler2D u_sky_plate;
uniform vec4 u_plate_from_photo; // scale and shift of uv
uniform vec3 u_drift;            // way so far at the top of the photo, in uv; v of the horizon

vec3 drifted(vec2 x) {
    vec2 at = x * u_plate_from_photo.xy + u_plate_from_photo.zw;
    float speed = 0.45 + 0.55 * clamp(1.0 - x.y / u_drift.z, 0.0, 1.0); // HORIZON_SPEED
    vec2 way = speed * u_drift.xy * u_plate_from_photo.xy;
    return (texture(u_sky_plate, at - way) - texture(u_sky_plate, at)).rgb;
}
