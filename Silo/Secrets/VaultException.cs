namespace Trading.Secrets;

/// <summary>The vault cannot be opened, or a secret of it cannot. Never says anything of a secret or a key but their names.</summary>
public sealed class VaultException(string message) : Exception(message);
