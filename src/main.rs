//! The commands.

fn main() {
    print!("{}", lyceum::graphql::sdl());
}
