using System.CommandLine;
using Trading.Commands;
using Trading.Hosting;

var root = new RootCommand("Trading.Orleans: a book whose signals are checked against its risk. ./trading builds it first where the sources are newer (the first time in about a minute).")
{
    RunCommand.Create(),
    ApiCommand.Create(),
    new Command("risk", "What a running silo says of its risk.") { RiskReportCommand.Create() },
    new Command("data", "Market data: what it is worth, and how it gets into the store.")
    {
        DataImportCommand.Create(), DataValidateCommand.Create(), DataCompactCommand.Create(), DataEvaluateCommand.Create(),
    },
    BacktestCommand.Create(),
    new Command("config", "Settings: whether they are right, and how to begin.")
    {
        ConfigValidateCommand.Create(), ConfigSetupCommand.Create(), ConfigMigrateCommand.Create(), ConfigTemplateCommand.Create(),
    },
    Secrets(),
    new Command("audit", "Who did what.") { AuditCommands.Verify(), AuditCommands.Export() },
    new Command(
        "database", "The store of a cluster.") { DatabaseMigrateCommand.Create(), DatabaseCopyCommand.Create() },
    BackupCommands.Create(),
    new Command("model", "Models: what they are worth, trained anew, explained.")
    {
        ModelValidateCommand.Create(), ModelSplitsCommand.Create(), ModelCommands.Train(), ModelCommands.Explain(),
    },
    new Command("journal", "The record of every change.") { JournalVerifyCommand.Create() },
};

// A process that is told to end is given the time that its drain may take; two seconds would cut it short.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = Drain.Longest + Drain.Ending });

static Command Secrets()
{
    var secrets = new Command("secrets", "The vault: secrets that are kept encrypted.");
    foreach (var verb in SecretsCommand.Create()) secrets.Add(verb);
    return secrets;
}
