using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Trading.Api;

/// <summary>Hashes passwords, few at a time: a hash takes tens of milliseconds of a core, which nobody may be given for the asking.</summary>
internal sealed class Passwords(IOptions<SecurityOptions> options) : IDisposable
{
    public const int MinLength = 12, MaxLength = 200;

    /// <summary>Waiting for each that is hashed; one more is told to come back.</summary>
    const int WaitingEach = 16;

    static readonly PasswordHasher<object> Hasher = new();
    static readonly object Nobody = new();
    static readonly Lazy<string> Dummy = new(() => Hasher.HashPassword(Nobody, ApiKeys.NewSecret()));

    readonly SemaphoreSlim _places = new(options.Value.ParallelHashes);
    int _waiting;

    /// <summary>Null where too many wait.</summary>
    public Task<string?> HashAsync(string password) => WithPlaceAsync(() => Hasher.HashPassword(Nobody, password));

    /// <summary>Takes as long where there is no such user, so that time does not tell which names exist. Null where too many wait.</summary>
    public async Task<bool?> IsRightAsync(string? hash, string password) => await WithPlaceAsync(() =>
        (Hasher.VerifyHashedPassword(Nobody, hash ?? Dummy.Value, password) != PasswordVerificationResult.Failed && hash is not null) ? "yes" : "") is { } answer
            ? answer.Length > 0 : null;

    async Task<string?> WithPlaceAsync(Func<string> work)
    {
        if (Interlocked.Increment(ref _waiting) > options.Value.ParallelHashes * WaitingEach)
        {
            Interlocked.Decrement(ref _waiting);
            return null;
        }

        await _places.WaitAsync();
        try
        {
            return await Task.Run(work);
        }
        finally
        {
            _places.Release();
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Dispose() => _places.Dispose();
}
