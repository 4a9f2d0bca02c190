using Microsoft.CodeAnalysis;

namespace Libp2p.Generators.Model;

/// <summary>A diagnostic as a value, to travel through cached stages. Descriptors are static, so comparing them by reference is right.</summary>
internal sealed record DiagnosticInfo(DiagnosticDescriptor Descriptor, LocationInfo? Location, EquatableArray<string> Arguments)
{
    public static DiagnosticInfo Create(DiagnosticDescriptor descriptor, LocationInfo? location, params string[] arguments) =>
        new(descriptor, location, arguments.ToEquatableArray());

    public Diagnostic ToDiagnostic()
    {
        object[] arguments = [.. Arguments];
        return Diagnostic.Create(Descriptor, Location?.ToLocation(), arguments);
    }
}
