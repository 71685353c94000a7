//! Many `FileIr` to one program: module tree, names, types, bodies, flow.
