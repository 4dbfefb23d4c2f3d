using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Orleans.Storage;

namespace Trading.Hosting;

/// <summary>Puts the whole grain id, its type and its key as it is spelt, into the hashes by which the ADO.NET provider
/// finds a state. By itself the provider keeps no type, and of a key that can be read as a hexadecimal number only the number:
/// the portfolios "1" and "01", or two grains that both call a state "state", would share a row.</summary>
sealed class GrainIdHasher : IStorageHasherPicker
{
    public ICollection<IHasher> HashProviders => [];

    public IHasher PickHasher<T>(
        string serviceId,
        string storageProviderInstanceName,
        string grainType,
        GrainId grainId,
        IGrainState<T> grainState,
        string? tag = null) =>
        new Salted(grainId.ToString());

    sealed class Salted(string id) : IHasher
    {
        public string Description => "The first 32 bits of the SHA-256 of the grain id and the data.";

        public int Hash(byte[] data) =>
            BinaryPrimitives.ReadInt32LittleEndian(SHA256.HashData([.. Encoding.UTF8.GetBytes(id), 0, .. data]));
    }
}
