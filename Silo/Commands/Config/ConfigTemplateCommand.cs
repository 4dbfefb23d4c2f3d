using System.CommandLine;
using Trading.Configuration;

namespace Trading.Commands;

/// <summary><c>trading config template</c>: every setting with its meaning and its default.</summary>
static class ConfigTemplateCommand
{
    public static Command Create()
    {
        var environment = ConfigSetupCommand.EnvironmentOption();
        var variables = new Option<bool>("--env") { Description = "As environment variables (.env.template)." };
        var write = new Option<bool>("--write") { Description = "Write all of them into this folder instead: config/*.template.json and .env.template." };
        var command = new Command("template", "Print every setting with its meaning and its default.") { environment, variables, write };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(write)) Write();
            else Console.Write(parsed.GetValue(variables) ? SettingsTemplates.Variables() : SettingsTemplates.Json(TradingEnvironments.Parse(parsed.GetValue(environment))!.Value));
            return 0;
        });
        return command;
    }

    static void Write()
    {
        foreach (var (path, text) in SettingsTemplates.All())
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
            File.WriteAllText(path, text);
            Console.WriteLine(path);
        }
    }
}
