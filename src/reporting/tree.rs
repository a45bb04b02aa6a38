//! Categories that people are counted by, and what those are parts of: countries of regions, or no parts at all.

/// A category.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is called in the API.
    pub code: String,
    /// How deep it lies: 0 is everybody.
    pub depth: usize,
    /// Its parts.
    pub parts: Vec<usize>,
}

/// Categories; the first is everybody, and each comes after what it is part of.
#[derive(Clone, Debug)]
pub struct Tree {
    /// All of them.
    pub nodes: Vec<Node>,
}

impl Default for Tree {
    fn default() -> Self {
        Self { nodes: vec![Node { code: String::new(), depth: 0, parts: Vec::new() }] }
    }
}

impl Tree {
    /// The categories on a way from everybody down, which are made where they are missing.
    pub fn way(&mut self, codes: &[&str]) -> Vec<usize> {
        let mut way = vec![0];
        for (depth, code) in (1..).zip(codes) {
            let at = way[way.len() - 1];
            let known = self.nodes[at].parts.iter().copied().find(|part| self.nodes[*part].code == *code);
            way.push(known.unwrap_or_else(|| {
                self.nodes.push(Node { code: (*code).to_owned(), depth, parts: Vec::new() });
                let new = self.nodes.len() - 1;
                self.nodes[at].parts.push(new);
                new
            }));
        }
        way
    }

    /// The categories of one depth; those without parts that lie higher stand for themselves.
    pub fn level(&self, depth: usize) -> impl Iterator<Item = usize> {
        let stands = move |node: &Node| node.depth == depth || (node.depth < depth && node.parts.is_empty());
        (1..self.nodes.len()).filter(move |at| stands(&self.nodes[*at]))
    }
}
