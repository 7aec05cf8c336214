// SPDX-License-Identifier: GPL-3.0-or-later
// Calls that go to another telephone than the one that was called, and telephones that are made
// to call.
#include "daemon/calls/call_table.hpp"
#include "daemon/calls/details.hpp"
#include "daemon/calls/parties.hpp"

namespace astcti::calls {

using What = Change::What;

namespace {

std::string with_masq(std::string_view channel) {
    return std::string(channel).append(masquerading);
}

} // namespace

// As known(), of a further channel of the event.
Leg* CallTable::named(const ChannelEvent& event, Field channel, Field uniqueid) {
    const auto name = event.get(channel);
    if (name.empty())
        return nullptr;
    auto* leg = event.has(uniqueid) ? legs_.find(event.get(uniqueid)) : legs_.find_channel(name);
    if (!leg || leg->has_ended() || leg->channel != name)
        return nullptr;
    snapshot_.touched(*leg);
    return leg;
}

void CallTable::picked_up(Leg& leg, const ChannelEvent& event) {
    leg.picked_up = true;
    auto* target = named(event, Field::target_channel, Field::target);
    if (target && target != &leg) {
        target->elsewhere = true;
        if (target->parent)
            legs_.set_parent(leg, target->parent);
    }
    if (leg.parent && leg.is_up())
        answered_elsewhere(*leg.parent, &leg, 0);
    tell_around(leg);
}

void CallTable::transferred(const ChannelEvent& event) {
    if (event.has(Field::result) && event.get(Field::result) != "Success")
        return;
    const auto mark = [](Leg* leg) {
        if (leg)
            leg->transferred = true;
    };
    if (event.has(Field::transferer_channel) || event.has(Field::second_transferer_channel)) {
        mark(named(event, Field::transferer_channel, Field::transferer));
        mark(named(event, Field::second_transferer_channel, Field::second_transferer));
        return;
    }
    // chan_sip of 1.6 to 11; the target of a blind transfer is the customer's channel.
    mark(known(event));
    if (event.get(Field::transfer_type) == "Attended" && event.has(Field::target))
        mark(named(event, Field::target_channel, Field::target));
}

// The parker is named by its device (12 and newer) or channel (1.4 to 11).
void CallTable::parked(const ChannelEvent& event) {
    const auto parker = event.get(Field::parker);
    const auto* parkee = known(event);
    if (parker.empty())
        return;
    for (auto& leg : legs_.all())
        if (&leg != parkee && (leg.channel == parker || device_of(leg.channel) == parker) &&
            leg.is_up() && !leg.has_ended())
            leg.transferred |=
                !is_with_another(leg) || (parkee && parties_of(leg).only() == parkee);
}

// Asterisk 1.4 to 11 swaps two channels (Masquerade): one takes the other's name, and with it
// its telephone; the other is called "<MASQ>", then "<ZOMBIE>", and goes.
void CallTable::renamed(const ChannelEvent& event) {
    auto* leg = event.has(Field::uniqueid) ? legs_.find(event.get(Field::uniqueid)) : known(event);
    const CleanText name(event.get(Field::new_name));
    if (!leg || leg->has_ended() || name.empty())
        return;
    auto* former = legs_.find_channel(with_masq(name));
    if (!former || former == leg)
        former = legs_.find_channel(name);
    if (former == leg || leg->is_zombie) // a zombie only gets another name
        former = nullptr;
    const bool is_on_its_way = !former && name.view() == with_masq(leg->channel);
    legs_.rename(*leg, name);
    if (former) {
        former->is_zombie = true;
        take_over(*leg, *former);
    }
    if (!is_on_its_way)
        tell(*leg, What::renamed);
}

// What Asterisk copies from channel to channel.
void CallTable::take_over(Leg& leg, const Leg& before) {
    leg.took_over = before.uniqueid;
    leg.listed_only = leg.listed_only && before.listed_only; // its call may have been told of
    if (leg.queue.empty())
        leg.queue = before.queue;
    if (leg.first_extension.empty())
        leg.first_extension = before.first_extension;
    for (const auto& [name, value] : before.variables)
        if (value_of(leg.variables, name).empty())
            set_variable(leg, name, value, false);
}

// Of a call that astctid placed. While there is a channel its own events tell.
void CallTable::originate_failed(const ChannelEvent& event, Clock now) {
    const CleanText id(event.get(Field::action_id));
    const CleanText channel(event.get(Field::channel));
    const CleanText uniqueid(event.get(Field::uniqueid));
    if (event.get(Field::response) != "Failure" || !id.view().starts_with(our_ids) ||
        channel.empty())
        return;
    if (auto* there = legs_.find(uniqueid)) {
        if (there->originated && there->dial_status.empty())
            there->dial_status = status_of_reason(event.get(Field::reason));
        return;
    }
    add_stillborn({std::string(uniqueid.view().starts_with(our_ids) ? uniqueid : id),
                   std::string(channel), std::string(event.get(Field::context)),
                   std::string(event.get(Field::exten))},
                  cause_of_reason(event.get(Field::reason)), now);
}

const Changes& CallTable::originate_refused(const RefusedOriginate& refused, Clock now) {
    changes_.clear();
    now_ = now;
    if (!legs_.find(refused.uniqueid))
        add_stillborn(refused, 0, now);
    return changes_;
}

void CallTable::add_stillborn(const RefusedOriginate& refused, std::uint32_t cause, Clock now) {
    auto* leg = legs_.add(refused.uniqueid, refused.device);
    if (!leg)
        return;
    leg->start = now;
    leg->dialed = leg->dial_told = leg->originated = leg->stillborn = true;
    leg->gone = Gone::unlisted;
    set_text(leg->extension, refused.extension);
    set_text(leg->context, refused.context);
    tell(*leg, What::began);
    end(*leg, cause, now);
}

} // namespace astcti::calls
