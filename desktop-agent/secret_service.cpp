// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/secret_service.hpp"

#include <fmt/format.h>
#include <libsecret/secret.h>
#include <memory>
#include <stdexcept>

namespace astcti {
namespace {

using Answer = link::PasswordSource::Answer;

const SecretSchema* schema() {
    static const SecretSchema it{"org.astcti.Agent",
                                 SECRET_SCHEMA_NONE,
                                 {{"server", SECRET_SCHEMA_ATTRIBUTE_STRING},
                                  {"user", SECRET_SCHEMA_ATTRIBUTE_STRING},
                                  {nullptr, SECRET_SCHEMA_ATTRIBUTE_STRING}},
                                 0,
                                 nullptr,
                                 nullptr,
                                 nullptr,
                                 nullptr,
                                 nullptr,
                                 nullptr,
                                 nullptr};
    return &it;
}

struct Question {
    std::string what;
    std::function<void(Answer)> answer;
};

// Takes the library's memory, which it overwrites when it gives it back.
Answer answer_of(char* password, GError* error, const std::string& what) {
    Answer out = link::NoPassword{fmt::format(
        "the keyring has no password for {}: keep it there by astcti-agent --keep-password", what)};
    if (password) {
        out = link::Secret(password);
        secret_password_free(password);
    } else if (error) {
        out = link::NoPassword{fmt::format(
            "no keyring tells the password for {} ({}): start one, or give --password-file", what,
            error->message)};
    }
    g_clear_error(&error);
    return out;
}

void on_found(GObject*, GAsyncResult* result, void* data) noexcept {
    const std::unique_ptr<Question> question(static_cast<Question*>(data));
    GError* error = nullptr;
    auto* password = secret_password_lookup_nonpageable_finish(result, &error);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        g_error_free(error); // who asked is gone
        return;
    }
    question->answer(answer_of(password, error, question->what));
}

} // namespace

SecretService::SecretService(std::string server, std::string user)
    : server_(std::move(server)), user_(std::move(user)), cancellable_(Gio::Cancellable::create()) {
}

SecretService::~SecretService() {
    cancellable_->cancel();
}

void SecretService::ask(std::function<void(Answer)> answer) {
    auto question = std::make_unique<Question>(
        Question{fmt::format("{} at {}", user_, server_), std::move(answer)});
    secret_password_lookup(schema(), cancellable_->gobj(), on_found, question.release(), "server",
                           server_.c_str(), "user", user_.c_str(), nullptr);
}

bool SecretService::has_password() const {
    auto* password = secret_password_lookup_nonpageable_sync(
        schema(), nullptr, nullptr, "server", server_.c_str(), "user", user_.c_str(), nullptr);
    secret_password_free(password);
    return password != nullptr;
}

void SecretService::keep(const link::Secret& password) const {
    GError* error = nullptr;
    const std::string label = fmt::format("AstCTI: {} at {}", user_, server_);
    auto* value = secret_value_new(password.view().data(),
                                   static_cast<gssize>(password.view().size()), "text/plain");
    auto* attributes = secret_attributes_build(schema(), "server", server_.c_str(), "user",
                                               user_.c_str(), nullptr);
    const bool kept =
        secret_service_store_sync(nullptr, schema(), attributes, SECRET_COLLECTION_DEFAULT,
                                  label.c_str(), value, nullptr, &error) != FALSE;
    g_hash_table_unref(attributes);
    secret_value_unref(value);
    const std::string why = error ? error->message : "";
    g_clear_error(&error);
    if (!kept)
        throw std::runtime_error(
            "no keyring (Secret Service) keeps the password: " + why +
            "; start one, such as gnome-keyring or KWallet, or use --password-file");
}

} // namespace astcti
