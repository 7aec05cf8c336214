// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/bus/explain.hpp"

#include "desktop-agent/bus/agent_bus.hpp"
#include "desktop-agent/bus/explain_text.hpp"
#include "desktop-agent/bus/object_path.hpp"
#include "desktop-agent/log/log.hpp"

#include <cstdio>
#include <giomm/dbuserror.h>
#include <giomm/init.h>
#include <sysexits.h>

namespace astcti::bus {
namespace {

using Glib::ustring;
using Glib::Variant;
using Glib::VariantBase;
using Glib::VariantContainerBase;

// An answer of another type is of another version: std::bad_cast.
template <typename T>
T value_as(const VariantBase& value) {
    return VariantBase::cast_dynamic<Variant<T>>(value).get();
}

class Agent {
public:
    Agent() : bus_(Gio::DBus::Connection::get_sync(Gio::DBus::BusType::SESSION)) {}

    std::string state() const {
        using Answer = std::tuple<Properties>;
        const auto answer = call("org.freedesktop.DBus.Properties", "GetAll", {agent_name});
        const auto [properties] = value_as<Answer>(answer);
        std::map<std::string, std::string> words;
        for (const auto* name : {"Connection", "Server", "User"})
            words[name] = value_as<ustring>(properties.at(name)).raw();
        words["LastError"] =
            std::get<1>(value_as<std::tuple<ustring, ustring>>(properties.at("LastError"))).raw();
        std::map<std::string, std::string> pbxs;
        for (const auto& [name, state] :
             value_as<std::map<ustring, ustring>>(properties.at("Pbxs")))
            pbxs[name.raw()] = state.raw();
        return explain_agent(words, pbxs, value_as<bool>(properties.at("PopupsMuted")));
    }

    std::string explained(const ustring& id) const {
        using Note = std::tuple<guint64, ustring, ustring, ustring>;
        const auto answer = call(agent_name, "Explain", {id});
        const auto [call, notes] = value_as<std::tuple<ustring, std::vector<Note>>>(answer);
        std::vector<ExplainedNote> told;
        for (const auto& [time, part, result, text] : notes)
            told.emplace_back(time, part.raw(), result.raw(), text.raw());
        return explain_text(call.raw(), told);
    }

    std::vector<ustring> calls() const {
        const auto answer = call(agent_name, "ExplainedCalls", {});
        return std::get<0>(value_as<std::tuple<std::vector<ustring>>>(answer));
    }

private:
    VariantContainerBase call(const char* interface, const char* method,
                              const std::vector<ustring>& arguments) const {
        VariantContainerBase parameters;
        if (!arguments.empty())
            parameters =
                VariantContainerBase::create_tuple(Variant<ustring>::create(arguments.front()));
        return bus_->call_sync(agent_path, interface, method, parameters, agent_name, -1,
                               Gio::DBus::CallFlags::NO_AUTO_START);
    }

    Glib::RefPtr<Gio::DBus::Connection> bus_;
};

void print(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
}

} // namespace

int explain(const std::string& call) {
    Gio::init();
    const Agent agent;
    try {
        print(agent.state());
        if (call != "all") {
            print(agent.explained(call));
            return EX_OK;
        }
        for (const auto& id : agent.calls())
            print(agent.explained(id));
        return EX_OK;
    } catch (const Glib::Error& error) {
        auto text = std::string(error.what());
        if (const auto at = text.find("NoSuchCall: "); at != std::string::npos)
            text = text.substr(at + std::string_view("NoSuchCall: ").size()) +
                   "; astcti-agent --explain all tells all that are known";
        else
            text = "astcti-agent is not running, so nothing pops up: " + text;
        log::warning(text);
    } catch (const std::bad_cast&) {
        log::warning("astcti-agent is of a version that this one does not understand");
    }
    return EX_UNAVAILABLE;
}

} // namespace astcti::bus
