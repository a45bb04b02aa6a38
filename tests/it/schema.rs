//! `schema.graphql` is what the server serves.

#[test]
fn the_committed_schema_is_current() {
    let committed = std::fs::read_to_string("schema.graphql").expect("schema.graphql");
    assert!(committed == lyceum::graphql::sdl(), "schema.graphql is stale: run `cargo run -- schema > schema.graphql`");
}
