using System.CommandLine;
using System.Globalization;
using Trading.Configuration;
using Trading.Secrets;

namespace Trading.Commands;

/// <summary><c>trading secrets</c>: the vault from the command line. Values come from standard input, never from an argument: arguments are
/// seen by every process of the machine.</summary>
static class SecretsCommand
{
    public static Command[] Create() =>
    [
        Verb("init", "Make a master key in the file that vault:master_key_file names.", null, (settings, _) => Init(settings)),
        Verb("set", "Keep a secret; its value comes from standard input.", "Its name; one that is called like a setting is its value.", (settings, name) =>
        {
            var value = ReadValue();
            var vault = Open(settings);
            vault.Note(SecretUse.Set, name);
            vault.Set(name, value);
            Console.WriteLine($"{name} kept under the master key {vault.CurrentKey}.");
            return 0;
        }),
        Verb("get", "Print a secret.", "Its name.", (settings, name) =>
        {
            var vault = Open(settings);
            vault.Note(SecretUse.Get, name);
            if (vault.Get(name) is not { } value) return Missing(name);
            Console.WriteLine(value);
            return 0;
        }),
        Verb("list", "Names, versions and keys of the secrets; never a value.", null, (settings, _) => List(Open(settings))),
        Verb("rotate", "New keys for every secret, and a new master key where it is in a file.", null, (settings, _) =>
        {
            var vault = Open(settings);
            vault.Note(SecretUse.Rotate, null);
            vault.Rotate();
            return List(vault);
        }),
        Verb("remove", "Forget a secret.", "Its name.", (settings, name) =>
        {
            var vault = Open(settings);
            vault.Note(SecretUse.Remove, name);
            return vault.Remove(name) ? 0 : Missing(name);
        }),
    ];

    static Command Verb(string verb, string description, string? argument, Func<string[], string, int> act)
    {
        var settings = Settings.Option("vault:path=data/vault.json");
        var command = new Command(verb, description) { settings };
        var name = argument is null ? null : new Argument<string>("name") { Description = argument };
        if (name is not null) command.Add(name);
        command.SetAction((parsed, _) => Failure.GuardAsync(() =>
            Task.FromResult(act(parsed.GetValue(settings) ?? [], name is null ? "" : parsed.GetValue(name)!))));
        return command;
    }

    static int Init(string[] settings)
    {
        var (layers, options, _) = VaultSettings.Read(settings);
        if (options.MasterKeyFile is not { Length: > 0 } file)
            throw new VaultException("Name the file: --set vault:master_key_file=PATH (and put it into the settings).");
        if (File.Exists(file)) throw new VaultException($"{file} is there already; a new key in its place would lock what it opens. To replace it: trading secrets rotate");
        var keys = MasterKeys.Create(file, TimeProvider.System.GetUtcNow());
        Console.WriteLine($"{file} holds the master key {keys.Current} for {layers.Environment.Name()}; keep a copy of it apart from the vault.");
        return 0;
    }

    static Vault Open(string[] settings)
    {
        var (layers, options, store) = VaultSettings.Read(settings);
        return VaultSettings.Open(options, store, layers.Environment)
            ?? throw new VaultException($"There is no master key: name its file (vault:master_key_file) or set {MasterKeys.Variable}. To make one: trading secrets init");
    }

    static int List(Vault vault)
    {
        var all = vault.List();
        foreach (var secret in all)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{secret.Name}  version {secret.Version}, set {secret.SetAt:yyyy-MM-dd}, keyed {secret.KeyedAt:yyyy-MM-dd}, master key {secret.MasterKey}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{all.Count(secret => secret.MasterKey == vault.CurrentKey)} of {all.Count} secrets are on the current master key {vault.CurrentKey}."));
        return 0;
    }

    static int Missing(string name)
    {
        Console.Error.WriteLine($"There is no secret {Api.PlainText.Of(name)}.");
        return Failure.Failed;
    }

    /// <summary>One line, or all that is piped; the end of the last line is no part of it.</summary>
    static string ReadValue()
    {
        if (!Console.IsInputRedirected) Console.Error.Write("Value: ");
        var text = Console.IsInputRedirected ? Console.In.ReadToEnd() : Console.ReadLine() ?? "";
        return text.EndsWith('\n') ? text[..^1].TrimEnd('\r') : text;
    }
}
