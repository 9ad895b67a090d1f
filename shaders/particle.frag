#version 330 core
// Draws one particle: a soft spot, or a streak where its billboard is long.
//
// In:     v_corner, v_alpha from particle.vert
// Reads:  nothing
// Out:    LINEAR light, premultiplied; hidden by what is nearer, hides nothing

in vec2 v_corner;
in float v_alpha;

uniform vec4 u_color; // LINEAR light, and its opacity 0..1

out vec4 out_linear_pre;

void main() {
    float alpha = u_color.a * v_alpha * smoothstep(1.0, 0.2, length(v_corner));
    out_linear_pre = vec4(u_color.rgb * alpha, alpha);
}
