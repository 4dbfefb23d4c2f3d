using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Trading.Hosting;

/// <summary>The certificate of https addresses with those between it and a root, from PEM files that are read anew when one of them has
/// changed. What cannot be used is told in the log, and the certificate before it serves on.</summary>
sealed partial class CertificateFile(string path, string? keyPath, TimeProvider clock, ILogger log)
{
    const string CertificateSetting = "edge:certificate_file", KeySetting = "edge:key_file";
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    readonly Lock _gate = new();
    SslStreamCertificateContext? _current;
    (DateTime, DateTime) _written;
    DateTimeOffset _looked;

    /// <exception cref="InvalidOperationException">There never was one that can be used.</exception>
    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_gate)
            {
                var now = clock.GetUtcNow();
                if (_current is not null && now - _looked < LookEvery) return _current;
                _looked = now;
                var written = (File.GetLastWriteTimeUtc(path), File.GetLastWriteTimeUtc(keyPath ?? path));
                if (_current is not null && written == _written) return _current;
                var (read, problem) = Read(path, keyPath, now);
                _written = written;
                if (read is null && _current is null) throw new InvalidOperationException(problem);
                if (read is null) LogKept(problem!);
                return _current = read ?? _current!;
            }
        }
    }

    /// <summary>Why the files are no certificate that can be used, in a sentence that begins with the setting; null where they are
    /// one.</summary>
    public static string? Problem(string path, string? keyPath, DateTimeOffset now) => Read(path, keyPath, now).Problem;

    static (SslStreamCertificateContext? Read, string? Problem) Read(string path, string? keyPath, DateTimeOffset now)
    {
        var (setting, keyFile) = (keyPath is null ? CertificateSetting : KeySetting, keyPath ?? path);
        if (TextOf(path) is not { } text) return (null, $"{CertificateSetting} is '{path}', which cannot be read.");
        if (TextOf(keyFile) is not { } keyText) return (null, $"{setting} is '{keyFile}', which cannot be read.");
        if (CertificateIn(text) is not { } bare) return (null, $"{CertificateSetting} is '{path}', which holds no certificate in PEM.");
        if (now >= bare.NotAfter) return (null, $"{CertificateSetting} is '{path}', whose certificate ended at {bare.NotAfter.ToUniversalTime():u}.");
        if (now < bare.NotBefore)
            return (null, $"{CertificateSetting} is '{path}', whose certificate begins at {bare.NotBefore.ToUniversalTime():u}.");
        if (!keyText.Contains("PRIVATE KEY-----", StringComparison.Ordinal)) return (null, $"{setting} is '{keyFile}', which holds no key in PEM.");
        try
        {
            var whole = X509Certificate2.CreateFromPem(text, keyText);
            var others = new X509Certificate2Collection();
            others.ImportFromPem(text);
            return (SslStreamCertificateContext.Create(whole, [.. others.Where(other => !other.RawData.AsSpan().SequenceEqual(whole.RawData))], offline: true), null);
        }
        catch (Exception other) when (other is CryptographicException or ArgumentException)
        {
            return (null, $"{setting} is '{keyFile}', whose key is encrypted or not that of the certificate in {CertificateSetting}.");
        }
    }

    static X509Certificate2? CertificateIn(string text)
    {
        try
        {
            return X509Certificate2.CreateFromPem(text);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    static string? TextOf(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LoggerMessage(LogLevel.Error, "The certificate before it serves on: {Problem}")]
    partial void LogKept(string problem);
}
