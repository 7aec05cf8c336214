// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/ctl/database.hpp"

namespace astcti::ctl {

class SqliteDatabase final : public Database {
public:
    explicit SqliteDatabase(std::string file) : file_(std::move(file)) {}

    std::unique_ptr<accounts::Store> make_store() const override;
    DatabaseState state() override;
    std::size_t migrate() override;
    bool may_serve_the_original() const noexcept override { return false; }

private:
    std::string file_;
};

} // namespace astcti::ctl
