//! Relay connections: what the API shows of a page.

/// Writes the connection and edge types of a node: `connection!(/// doc Connection, /// doc Edge, Node)`.
macro_rules! connection {
    ($(#[$connection_doc:meta])* $connection:ident, $(#[$edge_doc:meta])* $edge:ident, $node:ty) => {
        $(#[$connection_doc])*
        #[derive(async_graphql::SimpleObject)]
        #[graphql(complex)]
        pub struct $connection {
            /// The page, in order.
            pub edges: Vec<$edge>,
            /// Where this page stands and whether more follow.
            pub page_info: $crate::paging::PageInfo,
        }

        $(#[$edge_doc])*
        #[derive(async_graphql::SimpleObject)]
        pub struct $edge {
            /// Opaque position; pass it as `after` or `before` to go on from here.
            pub cursor: String,
            /// The object.
            pub node: $crate::graphql::at_hand::AtHand<$node>,
        }

        #[async_graphql::ComplexObject]
        impl $connection {
            /// The nodes of `edges`, for clients that need no cursors.
            async fn nodes(&self) -> Vec<&$crate::graphql::at_hand::AtHand<$node>> {
                self.edges.iter().map(|edge| &edge.node).collect()
            }
        }

        impl $connection {
            /// The page of what `wrap` makes of rows.
            pub fn new<T>(slice: $crate::paging::Slice<T>, wrap: impl Fn(T) -> $node) -> Self {
                let page_info = slice.info();
                let node = |row| $crate::graphql::at_hand::AtHand(wrap(row));
                let edges = slice.rows.into_iter().map(|(cursor, row)| $edge { cursor, node: node(row) }).collect();
                Self { edges, page_info }
            }
        }
    };
}
pub(crate) use connection;
