using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Trading.Testing;

/// <summary>A certificate of this machine, by its own key or by that of another, in PEM.</summary>
public sealed class TestCertificate : IDisposable
{
    readonly X509Certificate2 _certificate;
    readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <param name="issuer">Null for one that signs itself.</param>
    public TestCertificate(string name, DateTimeOffset from, DateTimeOffset until, TestCertificate? issuer = null, bool isAuthority = false)
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        _certificate = issuer is null
            ? request.CreateSelfSigned(from, until)
            : request.Create(issuer._certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(issuer._key), from, until, RandomNumberGenerator.GetBytes(8));
    }

    public string Pem => _certificate.ExportCertificatePem() + "\n";

    public string KeyPem => _key.ExportPkcs8PrivateKeyPem() + "\n";

    public string Thumbprint => _certificate.Thumbprint;

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }
}
