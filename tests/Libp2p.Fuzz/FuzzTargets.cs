using System.Collections.Immutable;
using Libp2p.Fuzz.Targets;
using Libp2p.Wire;

namespace Libp2p.Fuzz;

/// <summary>Every target.</summary>
internal static class FuzzTargets
{
    public static ImmutableArray<FuzzTarget> All { get; } =
    [
        new VarintTarget(),
        new MultiaddrBinaryTarget(),
        new MultiaddrTextTarget(),
        new CidBinaryTarget(),
        new CidTextTarget(),
        new MultibaseTarget(),
        new MultihashTarget(),
        new PeerIdTarget(),
        new PublicKeyTarget(),
        new PrivateKeyTarget(),
        new Pkcs8Target(),
        new EncryptedKeyTarget(),
        new PublicKeyInfoTarget(),
        new PemTarget(),
        new KeychainFileTarget(),
        new EnvelopeTarget(),
        new PeerRecordTarget(),
        new IpnsRecordTarget(),
        new IpnsDataTarget(),
        new DhtRecordTarget(),
        new SignedRecordTarget(),
        new InspectTarget(),
        new MultistreamTarget(ConnectionRole.Dialer),
        new MultistreamTarget(ConnectionRole.Listener),
        new NoiseHandshakeTarget(ConnectionRole.Dialer),
        new NoiseHandshakeTarget(ConnectionRole.Listener),
        new NoisePayloadTarget(),
        new NoiseRecordsTarget(),
        new CertificateTarget(),
        new TlsRecordsTarget(),
        new YamuxHeaderTarget(),
        new YamuxSessionTarget(),
        new IdentifyTarget(),
        new ControlTarget(),
        .. Schemas.Select(schema => new WireTarget(schema)),
    ];

    /// <summary>The messages of every project that declares some.</summary>
    public static IEnumerable<WireMessageDescriptor> Schemas =>
    [
        .. Libp2p.Wire.Schemas.WireSchemas.All,
        .. Libp2p.Security.Noise.Wire.WireSchemas.All,
        .. Libp2p.Protocols.Identify.Wire.WireSchemas.All,
    ];

    /// <exception cref="ArgumentException">There is no such target.</exception>
    public static FuzzTarget Get(string name) =>
        All.FirstOrDefault(target => target.Name == name) ?? throw new ArgumentException($"There is no target '{name}'. There are: {string.Join(", ", All.Select(t => t.Name))}.");
}
