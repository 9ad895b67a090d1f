#version 330 core
// One triangle that covers the target; the first stage of every pass over a finished picture.
//
// In:     nothing but the vertex's number
// Reads:  nothing
// Out:    v_uv of the source, 0..1, row 0 at 0: pictures keep their order of rows

out vec2 v_uv;

void main() {
    v_uv = vec2((gl_VertexID << 1) & 2, gl_VertexID & 2);
    gl_Position = vec4(v_uv * 2.0 - 1.0, 0.0, 1.0);
}
