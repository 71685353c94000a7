//! The channels, who sends on them and who takes from them.

use super::build::Builder;
use super::{Detail, EdgeKind, Node, NodeKind};
use crate::facts::{Channel, EndUses};

/// Where more places than this use an end, those after it are not drawn: the picture would show nothing else.
const MAX_USES: usize = 24;
/// How many fields that keep an end are named.
const MAX_FIELDS: usize = 3;

/// Adds them, with what leads to and from them.
pub(super) fn add(builder: &mut Builder<'_, '_>) {
    let cx = builder.cx;
    for channel in cx.channels_made() {
        let analysis = cx.analysis(channel.body);
        if !builder.is_asked_for(analysis.body.owner) {
            continue;
        }
        let (sending, receiving) = (cx.sending_uses(&channel), cx.receiving_uses(&channel));
        let mut details = vec![Detail { text: cx.maker_text(&channel), loc: None }];
        for (end, what) in [(&sending, "sender"), (&receiving, "receiver")] {
            details.extend(end.fields.iter().take(MAX_FIELDS).map(|field| Detail {
                text: format!("{what} in {}", cx.field_text(*field)),
                loc: cx.field_loc(*field),
            }));
            if let Some(more) = end.fields.len().checked_sub(MAX_FIELDS).filter(|more| *more > 0) {
                details.push(Detail { text: format!("{what} in {more} more fields"), loc: None });
            }
            if end.escapes && end.uses.is_empty() {
                details.push(Detail { text: format!("a {what} is passed on"), loc: None });
            }
        }
        let node = Node {
            kind: NodeKind::Channel,
            name: cx.message_text(&channel).map_or_else(|| "channel".to_owned(), |text| format!("channel of {text}")),
            details,
            loc: analysis.call_loc(channel.call),
            krate: String::new(),
            many: false,
        };
        let node = builder.node(builder.in_crate(analysis.body.owner, node));
        connect(builder, &channel, &sending, |actor| (EdgeKind::Sends, (actor, node)));
        connect(builder, &channel, &receiving, |actor| (EdgeKind::Receives, (node, actor)));
    }
}

/// The edges of an end. One of which no use is seen leads to the threads that hold it, or else to the function that made it.
fn connect(
    builder: &mut Builder<'_, '_>,
    channel: &Channel,
    end: &EndUses,
    edge: impl Fn(usize) -> (EdgeKind, (usize, usize)),
) {
    let mut is_shown = false;
    let sites = if end.uses.is_empty() { &end.held } else { &end.uses };
    for (body, expr) in sites.iter().take(MAX_USES) {
        let mut place = builder.place_in(*body, *expr);
        let actors = match end.uses.is_empty() {
            true => builder.threads(*body, *expr),
            false => builder.actors(*body, *expr, None),
        };
        if end.uses.is_empty() {
            place.text.push_str(" holds it");
        }
        for actor in actors {
            is_shown = true;
            let (kind, ends) = edge(actor);
            builder.edge(kind, ends, place.clone());
        }
    }
    if !is_shown {
        let mut place = builder.place_in(channel.body, channel.call);
        place.text.push_str(" makes it");
        for maker in builder.actors(channel.body, channel.call, None) {
            let (kind, ends) = edge(maker);
            builder.edge(kind, ends, place.clone());
        }
    }
}
