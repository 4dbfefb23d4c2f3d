using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Trading.Configuration;

namespace Trading.Commands;

/// <summary><c>trading config validate</c>: everything that is wrong with the settings, without starting anything.</summary>
static partial class ConfigValidateCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print the report as JSON: valid, environment, hash, violations." };
        var settings = Settings.Option("store:kind=postgres");
        var command = new Command("validate", "Hold the settings against every rule. Exit code 2 where one is broken.") { json, settings };
        command.SetAction(parsed => Validate(parsed.GetValue(json), parsed.GetValue(settings) ?? []));
        return command;
    }

    static int Validate(bool json, string[] settings)
    {
        var report = SettingsCheck.Run(SettingsLayers.Read(settings));
        if (json) Console.WriteLine(JsonSerializer.Serialize(report, ReportJson.Default.SettingsReport));
        else Console.WriteLine(report.Valid
            ? $"The settings for {report.Environment} are valid; their hash is {report.Hash}."
            : $"{report.Violations.Length} of the settings for {report.Environment} are broken:");
        if (!json)
            foreach (var violation in report.Violations) Console.WriteLine($"  {violation.Message}");
        return report.Valid ? 0 : Failure.Misconfigured;
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
    [JsonSerializable(typeof(SettingsReport))]
    internal sealed partial class ReportJson : JsonSerializerContext;
}
