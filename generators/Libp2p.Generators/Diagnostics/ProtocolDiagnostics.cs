using Microsoft.CodeAnalysis;

namespace Libp2p.Generators.Diagnostics;

/// <summary>LP2P0001 to LP2P0099: protocol ids.</summary>
internal static class ProtocolDiagnostics
{
    private const string Category = "Libp2p.Protocols";

    public static readonly DiagnosticDescriptor NotPartial = Error(
        "LP2P0001", "A type with protocol ids is not partial", "'{0}' must be declared partial, so that the protocol ids of '{1}' can be added");

    public static readonly DiagnosticDescriptor NoSlash = Error(
        "LP2P0002", "A protocol id does not start with a slash", "Protocol id '{0}' must start with '/'");

    public static readonly DiagnosticDescriptor TooLong = Error(
        "LP2P0003", "A protocol id is too long", "This protocol id has {0} bytes of UTF-8; multistream-select allows 1023");

    public static readonly DiagnosticDescriptor NewLine = Error(
        "LP2P0004", "A protocol id has a newline", "A protocol id cannot have a newline: in multistream-select it ends the id");

    public static readonly DiagnosticDescriptor Duplicate = Error(
        "LP2P0005", "Two types have the same protocol id", "Protocol id '{0}' belongs to '{1}' already; one node serves a protocol once");

    public static readonly DiagnosticDescriptor WrongType = Error(
        "LP2P0006",
        "A protocol id on a type that speaks no protocol",
        "'{0}' implements none of IProtocolHandler, ISecurityChannel and IStreamMuxer, which are what protocol ids are for");

    public static readonly DiagnosticDescriptor SeveralIds = Error(
        "LP2P0007", "A channel or muxer with several protocol ids", "'{0}' is negotiated under one protocol id, but has {1}");

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, Category, DiagnosticSeverity.Error, isEnabledByDefault: true);
}
