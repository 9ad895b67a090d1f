#version 330 core
// One triangle over the whole target. Out: uv 0..1, origin bottom-left as the textures of a pass.

out vec2 v_uv;

void main() {
    v_uv = vec2((gl_VertexID << 1) & 2, gl_VertexID & 2);
    gl_Position = vec4(v_uv * 2.0 - 1.0, 0.0, 1.0);
}
